import { redirect } from '@sveltejs/kit'

/** The list is where everybody begins. */
export function load(): never {
  redirect(307, '/dossiers')
}
