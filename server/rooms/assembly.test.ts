import { describe, expect, it } from 'vitest'
import { kind, maxFrameBytes, maxMessageBytes, type Kind } from '#shared/contracts/notes-wire.ts'
import { Assembly } from './assembly.ts'

const frame = (channel: number, frameKind: Kind, ...payload: number[]) => ({ channel, kind: frameKind, payload: new Uint8Array(payload) })
const zeros = (channel: number, frameKind: Kind, bytes: number) => ({ channel, kind: frameKind, payload: new Uint8Array(bytes) })

describe('a message that comes in parts', () => {
  it('is whole with its last frame; what comes alone is whole by itself', () => {
    const assembly = new Assembly()
    const taken = [frame(1, kind.data, 9), frame(1, kind.part, 1, 2), frame(1, kind.part, 3), frame(1, kind.data, 4), frame(2, kind.open)]
    expect(taken.map((next) => assembly.take(next))).toEqual([
      { state: 'whole', message: new Uint8Array([9]) },
      { state: 'waiting' },
      { state: 'waiting' },
      { state: 'whole', message: Buffer.from([1, 2, 3, 4]) },
      { state: 'whole', message: new Uint8Array() },
    ])
  })

  it.each([frame(2, kind.data, 1), frame(2, kind.part, 1), frame(1, kind.close), frame(1, kind.open)])('is not interrupted: %j', (next) => {
    const assembly = new Assembly()
    assembly.take(frame(1, kind.part, 1))
    expect(assembly.take(next)).toEqual({ state: 'interrupted' })
  })

  it('is no larger than a note, and not in more parts than honest clients make; nothing of it is held after that', () => {
    const assembly = new Assembly()
    const whole = Math.floor(maxMessageBytes / maxFrameBytes)
    for (let i = 0; i < whole; i++) expect(assembly.take(zeros(1, kind.part, maxFrameBytes))).toEqual({ state: 'waiting' })
    expect(assembly.take(frame(1, kind.data, 1))).toEqual({ state: 'tooLarge' })
    for (let i = 0; i < 256; i++) expect(assembly.take(frame(1, kind.part))).toEqual({ state: 'waiting' })
    expect(assembly.take(frame(1, kind.part))).toEqual({ state: 'tooLarge' })
    expect(assembly.take(zeros(1, kind.part, maxFrameBytes + 1))).toEqual({ state: 'tooLarge' })
    expect(assembly.take(frame(2, kind.data, 7))).toEqual({ state: 'whole', message: new Uint8Array([7]) })
  })
})
