import { expect, it } from 'vitest'
import { refusePassword } from './password-rule.ts'

it.each(['1234567890', 'qwertyuiop', 'QwertyUiop', 'password123', 'aaaaaaaaaaaaaaaa'])('%s is one of the common ones', async (password) => {
  expect(await refusePassword(password, [])).toEqual({ code: 'weakPassword', reason: 'common' })
})

it('what nobody tries first is good enough', async () => {
  expect(await refusePassword('correct horse battery', ['nora', 'Nora', 'De Brug'])).toBeNull()
})

it('the length and what is known of the person are judged first', async () => {
  expect(await refusePassword('123456789', [])).toEqual({ code: 'weakPassword', reason: 'short' })
  expect(await refusePassword('nora-nora-nora', ['nora'])).toEqual({ code: 'weakPassword', reason: 'personal' })
})
