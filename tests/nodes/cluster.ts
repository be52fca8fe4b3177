import { newId } from '../../server/new-id.ts'
import { freePort, withAdmin } from '../../server/store/replica-set.ts'
import { type SignedIn, signedIn } from '../harness/member.ts'
import { type Person, startSampleOffice } from '../harness/office.ts'
import { Relay } from '../harness/relay.ts'
import { directTo, ended, type Member, primaryOf, type ReplicaSet, startReplicaSet, untilWhole } from '../harness/replica-set.ts'
import { NodeProcess } from './node-process.ts'

/** Members that follow a primary that stands still wait for it so long, in seconds: 5 of themselves, and as long no write is confirmed. */
export const impatient = ['oplogNetworkTimeoutBufferSeconds=1']

/** What may befall the replica set. */
export type Fault = 'kill' | 'stepDown' | 'partition' | 'freeze'

/** The sample office on two nodes, each a process, on a replica set of three members, each behind a relay; one address for browsers. */
export class Cluster {
  readonly mongodbUri: string
  readonly nodes: readonly NodeProcess[]
  /** Where browsers go: passes each on to a node that is up. */
  readonly front: Relay
  readonly members: readonly SignedIn[]
  readonly #set: ReplicaSet

  private constructor(parts: { set: ReplicaSet; mongodbUri: string; front: Relay; nodes: readonly NodeProcess[]; members: SignedIn[] }) {
    this.#set = parts.set
    this.mongodbUri = parts.mongodbUri
    this.front = parts.front
    this.nodes = parts.nodes
    this.members = parts.members
  }

  /** Everything is up when it resolves, and these people are signed in, in this order. */
  static async start(who: readonly Person[]): Promise<Cluster> {
    const set = await startReplicaSet({ isRelayed: true, parameters: impatient })
    await untilWhole(set)
    const mongodbUri = set.uri(`codossier-${newId()}`)
    const office = await startSampleOffice(who, { mongodbUri })
    const cookies = await Promise.all(who.map(async (person) => (await office.signIn(person)).cookie))
    await office.stop()
    const ports = await Promise.all([freePort(), freePort(), freePort()])
    const front = await Relay.start(ports[0], ports.slice(1))
    const nodes = ports.slice(1).map((port) => new NodeProcess(port, { mongodbUri, publicOrigin: front.url }))
    const members = cookies.map((cookie) => signedIn(front.url, cookie))
    const cluster = new Cluster({ set, mongodbUri, front, nodes, members })
    await Promise.all(nodes.map((node) => node.start()))
    return cluster
  }

  /** A member as they reach one node, past the front. */
  at(node: NodeProcess, member: SignedIn): SignedIn {
    return signedIn(`http://127.0.0.1:${node.port}`, member.cookie, member.url)
  }

  /** Lets the primary have this; resolves when it has begun. Returns what makes it good again. */
  async strike(fault: Fault): Promise<() => Promise<void>> {
    const primary = await primaryOf(this.#set)
    if (fault === 'stepDown') {
      await withAdmin(directTo(primary), { replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 })
      return () => untilWhole(this.#set)
    }
    const heal = await befall(primary, fault)
    return async () => {
      heal()
      await untilWhole(this.#set)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.dispose()))
    await this.front.stop()
    await this.#set.stop()
  }
}

async function befall({ process, relay, restart }: Member, fault: Exclude<Fault, 'stepDown'>): Promise<() => void> {
  if (fault === 'partition') {
    relay?.freeze()
    return () => relay?.thaw()
  }
  if (fault === 'freeze') {
    process.kill('SIGSTOP')
    return () => void process.kill('SIGCONT')
  }
  process.kill('SIGKILL')
  await ended(process)
  return restart
}
