import { describe, expect, it } from 'vitest'
import { readAdminAddress, readCopy, readNewOffice, WrongArguments } from './arguments.ts'

const whole = ['--name', 'De Brug', '--admin-name', 'Nora', '--admin-email', 'Nora@Brug.example']
const create = (...given: string[]) => readNewOffice(given, 'Europe/Copenhagen')

describe('office:create', () => {
  it('takes what is given, and English, euros and this machine’s time zone for the rest', () => {
    expect(create(...whole)).toEqual({
      office: { name: 'De Brug', language: 'en', currency: 'EUR', timeZone: 'Europe/Copenhagen' },
      admin: { name: 'Nora', email: 'nora@brug.example' },
    })
    expect(create(...whole, '--language', 'nl', '--currency', 'DKK', '--time-zone', 'Europe/Amsterdam')?.office).toEqual({
      name: 'De Brug',
      language: 'nl',
      currency: 'DKK',
      timeZone: 'Europe/Amsterdam',
    })
  })

  it.each([
    [[], /--name: is missing\n--admin-name: is missing\n--admin-email: is missing/],
    [[...whole, '--language', 'la'], /^--language: .*"nl"/],
    [[...whole, '--currency', 'XXX'], /^--currency: .*"EUR"/],
    [[...whole, '--time-zone', 'Mars/Olympus'], /^--time-zone: not a time zone/],
    [[...whole, '--admin-email', 'nobody'], /^--admin-email: /],
    [[...whole, '--name', ' '], /^--name: /],
    [[...whole, '--colour', 'red'], /--colour/],
    [[...whole, 'left over'], /left over/],
    [['--name'], /--name/],
  ])('refuses %j, naming the argument', (given, message) => {
    expect(() => create(...given)).toThrow(message)
    expect(() => create(...given)).toThrow(WrongArguments)
  })
})

describe('reset-admin', () => {
  it('takes one address', () => {
    expect(readAdminAddress(['Nora@Brug.example'])).toBe('nora@brug.example')
    expect(readAdminAddress(['--help'])).toBeNull()
  })

  it.each([
    [[], /ADDRESS: is missing/],
    [['nobody'], /ADDRESS: /],
    [['a@b.example', 'c@d.example'], /one, not 2/],
    [['--all'], /--all/],
  ])('refuses %j, naming the argument', (given, message) => {
    expect(() => readAdminAddress(given)).toThrow(message)
  })
})

describe('store:copy', () => {
  it('takes a folder and a connection string, either way', () => {
    const [from, to] = ['sqlite:/data', 'mongodb://one,two/codossier?replicaSet=rs0']
    const [folder, database] = [{ dataDir: '/data' }, { mongodbUri: to }]
    expect(readCopy(['--from', from, '--to', to])).toEqual({ from: folder, to: database, anew: false })
    expect(readCopy(['--from', to, '--to', from, '--anew'])).toEqual({ from: database, to: folder, anew: true })
    expect(readCopy(['--help'])).toBeNull()
  })

  it.each([
    [[], /--from: is missing\n--to: is missing/],
    [['--from', './data', '--to', 'sqlite:'], /--from: is sqlite:FOLDER or mongodb:.*\n--to: is sqlite:FOLDER/],
    [['--from', 'sqlite:a', '--to', 'sqlite:b', 'c'], /c/],
  ])('refuses %j, naming the argument', (given, message) => {
    expect(() => readCopy(given)).toThrow(message)
    expect(() => readCopy(given)).toThrow(WrongArguments)
  })
})
