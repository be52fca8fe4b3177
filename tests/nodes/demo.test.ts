import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { signIn } from '../harness/member.ts'
import { describeWithMongo } from '../harness/replica-set.ts'

/** Starts it as a person does. */
function startDemo(...args: string[]): { child: ChildProcess; lines: string[]; said(pattern: RegExp, times: number): Promise<string[]> } {
  const script = fileURLToPath(new URL('../../server/demo.ts', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const outputs = [child.stdout, child.stderr].map((input) => createInterface({ input }))
  const said = (pattern: RegExp, times: number) =>
    new Promise<string[]>((resolve, reject) => {
      const look = () => {
        const found = lines.filter((line) => pattern.test(line))
        if (found.length >= times) resolve(found)
      }
      for (const output of outputs) output.on('line', look)
      child.once('exit', () => reject(new Error(`it ended: ${lines.join('\n')}`)))
    })
  for (const output of outputs) output.on('line', (line) => void lines.push(line))
  onTestFinished(() => void child.kill('SIGTERM'))
  return { child, lines, said }
}

describeWithMongo('the demo of many nodes', () => {
  it('prints where two sign in, each on a node of their own; what one does the other sees, and a signal ends all of it', async () => {
    const { child, lines, said } = startDemo('--nodes', '2')
    const signIns = (await said(/\/sign-in/, 2)).map((line) => /(http:\S+)\/sign-in\s+(\S+)\s+(\S+)/.exec(line) ?? [])
    const [adviser, manager] = await Promise.all(
      signIns.map(async ([, url = '', email = '', password = '']) => (await signIn(url, email, password)).open()),
    )
    expect(adviser!.member.url).not.toBe(manager!.member.url)
    const [row] = [...adviser!.workspace.rows.values()].filter(({ id, status }) => status === 'client' && manager!.row(id))
    expect(await adviser!.send({ type: 'dossier.edit', dossierId: row!.id, title: 'Seen on both' })).toMatchObject({ ok: true })
    await manager!.until('the title is there', (screen) => screen.row(row!.id)?.title === 'Seen on both', 30_000)
    adviser!.close()
    manager!.close()
    const nodes = lines.flatMap((line) => /\(process (\d+)\)/.exec(line)?.[1] ?? []).map(Number)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(nodes).toHaveLength(2)
    for (const pid of nodes) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  }, 240_000)
})

it('a demo of how many nodes that is no number is refused', async () => {
  const { child, lines } = startDemo('--nodes', 'many')
  expect(await once(child, 'close')).toEqual([1, null])
  expect(lines).toEqual(['--nodes is a number from 1 to 5'])
})
