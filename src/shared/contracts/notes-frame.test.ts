import { expect, it } from 'vitest'
import { decodeFrame, encodeFrame } from './notes-frame.ts'
import { kind } from './notes-wire.ts'

it.each([0, 1, 127, 128, 300, 100_000])('a frame of channel %i is read as it was written', (channel) => {
  for (const payload of [new Uint8Array(), new Uint8Array([0, 255, 7])]) {
    expect(decodeFrame(encodeFrame(channel, kind.data, payload))).toEqual({ channel, kind: kind.data, payload })
  }
})
