import { ensureClient } from '../../server/build-client.ts'

export default async function build(): Promise<void> {
  await ensureClient((line) => console.log(line))
}
