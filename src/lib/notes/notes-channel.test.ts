import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeFrame, encodeClose, encodeCount, encodeFrame } from '#shared/contracts/notes-frame.ts'
import { kind, maxFrameBytes, maxMessageBytes } from '#shared/contracts/notes-wire.ts'
import { channelClass } from './notes-channel.ts'
import { NotesSocket, type RawSocket } from './notes-socket.ts'

/** A WebSocket whose other end is the test. */
class FakeRaw {
  binaryType = ''
  readyState = 0
  onopen: ((event: object) => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  onerror: ((event: object) => void) | null = null
  readonly sent: { channel: number; kind: number; payload: number[] }[] = []

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const frame = decodeFrame(bytes)
    if (frame) this.sent.push({ ...frame, payload: [...frame.payload] })
  }
  close(): void {
    this.readyState = 3
  }
  open(): void {
    this.readyState = 1
    this.onopen?.({})
  }
  say(channel: number, frameKind: 0 | 1 | 2 | 3, payload: Uint8Array): void {
    this.onmessage?.({ data: encodeFrame(channel, frameKind, payload).buffer })
  }
}

let raws: FakeRaw[]
let network: EventTarget
let socket: NotesSocket
const grant = { note: 'dossierA000000001', epoch: 1, schema: 1, clientId: 5 }
const mayWrite = new Uint8Array([1])

const step1 = new Uint8Array([0, 0, 1, 0])
const step2 = new Uint8Array([0, 1, 2, 0, 0])
const update = new Uint8Array([0, 2, 2, 0, 0])
const awareness = new Uint8Array([1, 1, 0])

/** The `n`th raw socket that was opened, counted from 0. */
function raw(n = 0): FakeRaw {
  const found = raws[n]
  if (!found) throw new Error('not opened')
  return found
}

beforeEach(() => {
  vi.useFakeTimers()
  raws = []
  network = new EventTarget()
  socket = new NotesSocket({
    url: () => 'ws://server/notes',
    connect: () => {
      raws.push(new FakeRaw())
      return raws.at(-1) as unknown as RawSocket
    },
    network,
  })
})
afterEach(() => vi.useRealTimers())

describe('a channel that poses as a WebSocket', () => {
  it('sends no update before the answer to the server, which holds it; that and what follows is counted', () => {
    const frames: number[] = []
    const channel = new (channelClass(socket, () => grant, { sent: (frame) => frames.push(frame) }))('ws://notes/x')
    raw().open()
    raw().say(1, kind.open, mayWrite)
    for (const message of [step1, update, awareness, step2, update]) channel.send(message)
    const data = raw().sent.filter((frame) => frame.kind === kind.data)
    expect(data.map(({ payload }) => payload)).toEqual([step1, awareness, step2, update].map((message) => [...message]))
    expect(frames).toEqual([1, 2])
  })

  it('says what was saved, what was received, and why it was closed, each to its own channel', () => {
    const heard: unknown[] = []
    const open = (name: string) => {
      const channel = new (channelClass(socket, () => grant, { saved: (frames) => heard.push([name, 'saved', frames]) }))('ws://notes/x')
      channel.onmessage = ({ data }) => heard.push([name, [...new Uint8Array(data as ArrayBuffer)]])
      channel.onclose = ({ code, reason }) => heard.push([name, code, reason])
      return channel
    }
    const [one, two] = [open('one'), open('two')]
    raw().open()
    raw().say(1, kind.open, mayWrite)
    raw().say(2, kind.open, mayWrite)
    raw().say(2, kind.data, step1)
    raw().say(1, kind.saved, encodeCount(300))
    raw().say(2, kind.close, encodeClose(4403, 'right withdrawn'))
    expect(heard).toEqual([
      ['two', [...step1]],
      ['one', 'saved', 300],
      ['two', 4403, 'right withdrawn'],
    ])
    expect([one.readyState, two.readyState]).toEqual([1, 3])
    expect(raws).toHaveLength(1)
  })

  it('sends what is too large for one frame in parts that follow one another, counted as one', () => {
    const frames: number[] = []
    const channel = new (channelClass(socket, () => grant, { sent: (frame) => frames.push(frame) }))('ws://notes/x')
    raw().open()
    raw().say(1, kind.open, mayWrite)
    const large = Uint8Array.from({ length: maxFrameBytes + 1 }, (_, i) => i % 251)
    large.set([0, 1])
    for (const message of [large, update]) channel.send(message)
    const sent = raw().sent.slice(1)
    expect(sent.map((frame) => [frame.kind, frame.payload.length])).toEqual([
      ...Array.from({ length: 4 }, () => [kind.part, 64 * 1024]),
      [kind.data, 1],
      [kind.data, update.length],
    ])
    expect(Buffer.from(sent.slice(0, 5).flatMap(({ payload }) => payload)).equals(large)).toBe(true)
    expect(frames).toEqual([1, 2])
  })

  it('too much at once closes it for good, unsent', () => {
    const channel = new (channelClass(socket, () => grant))('ws://notes/x')
    const codes: number[] = []
    channel.onclose = ({ code }) => codes.push(code)
    raw().open()
    raw().say(1, kind.open, mayWrite)
    const large = new Uint8Array(maxMessageBytes + 1)
    large.set([0, 1])
    channel.send(large)
    expect(codes).toEqual([4413])
    expect(raw().sent.at(-1)).toMatchObject({ channel: 1, kind: kind.close })
  })
})

describe("the tab's one line", () => {
  it.each<[string, () => void]>([
    ['is cut', () => raw().onclose?.({ code: 1006, reason: '' })],
    ['is reported lost by the browser', () => network.dispatchEvent(new Event('offline'))],
    ['is silent for too long', () => vi.advanceTimersByTime(26_000)],
  ])('closes its channels when it %s, and opens anew with the next', (_, lose) => {
    const open = channelClass(socket, () => grant)
    const channel = new open('ws://notes/x')
    const codes: number[] = []
    channel.onclose = ({ code }) => codes.push(code)
    raw().open()
    raw().say(1, kind.open, mayWrite)
    lose()
    expect(codes).toEqual([1006])
    new open('ws://notes/x')
    raw(1).open()
    expect(raw(1).sent).toMatchObject([{ channel: 2, kind: kind.open }])
  })

  it('passes on why the server closed it: for good where there is no session', () => {
    const channel = new (channelClass(socket, () => grant))('ws://notes/x')
    const codes: number[] = []
    channel.onclose = ({ code }) => codes.push(code)
    raw().onclose?.({ code: 4401, reason: '' })
    expect(codes).toEqual([4401])
  })

  it('closes a while after the last channel', () => {
    const channel = new (channelClass(socket, () => grant))('ws://notes/x')
    raw().open()
    channel.close()
    vi.advanceTimersByTime(4_900)
    expect(raw().readyState).toBe(1)
    vi.advanceTimersByTime(200)
    expect(raw().readyState).toBe(3)
  })
})
