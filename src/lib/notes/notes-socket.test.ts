import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { close } from '#shared/contracts/notes-wire.ts'
import { longestComeBackMs } from '#shared/contracts/socket.ts'
import { type ChannelEnd, NotesSocket, type RawSocket } from './notes-socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A tab's line whose connections the test opens and closes. */
function tab() {
  const raws: RawSocket[] = []
  const connect = (): RawSocket => {
    const raw = { binaryType: '', readyState: 1, onopen: null, onmessage: null, onclose: null, onerror: null, send() {}, close() {} }
    raws.push(raw)
    return raw
  }
  return { raws, socket: new NotesSocket({ url: () => '', connect, network: null }) }
}

function channel(): ChannelEnd & { closes: number[] } {
  const closes: number[] = []
  return { closes, openPayload: new Uint8Array(), opened() {}, received() {}, saved() {}, closed: (code) => void closes.push(code) }
}

const ended = (raw: RawSocket | undefined, code: number, reason: string) => raw?.onclose?.({ code, reason } as never)

it('after a stop the line comes back when the pause it was given is over, with every channel that was added meanwhile', () => {
  const { raws, socket } = tab()
  const first = channel()
  socket.add(first)
  ended(raws[0], close.stopping, '3000')
  expect(first.closes).toEqual([close.stopping])
  socket.add(channel())
  socket.add(channel())
  vi.advanceTimersByTime(2_999)
  expect(raws).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(raws).toHaveLength(2)
})

it('nobody left to come back for: the line stays down', () => {
  const { raws, socket } = tab()
  socket.add(channel())
  ended(raws[0], close.stopping, '3000')
  socket.remove(socket.add(channel()))
  vi.advanceTimersByTime(10_000)
  expect(raws).toHaveLength(1)
})

it.each(['', 'soon', '-5', '1e9', 'Infinity'])('a pause of "%s" keeps nobody away for longer than the longest', (reason) => {
  const { raws, socket } = tab()
  socket.add(channel())
  ended(raws[0], close.stopping, reason)
  socket.add(channel())
  vi.advanceTimersByTime(longestComeBackMs)
  expect(raws).toHaveLength(2)
})

it('a line that broke is tried again at once', () => {
  const { raws, socket } = tab()
  socket.add(channel())
  ended(raws[0], close.again, '')
  socket.add(channel())
  expect(raws).toHaveLength(2)
})
