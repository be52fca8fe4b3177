import axe, { type RunOptions } from 'axe-core'
import { expect, type Page } from '@playwright/test'

/** These see colours, which may be wrong in one scheme alone; what all other rules look at is the same in both. */
const colourRules = ['color-contrast', 'link-in-text-block']

/** Fails on everything that axe finds wrong on the page, or within the element that `within` selects. */
export async function expectAccessible(page: Page, within?: string): Promise<void> {
  expect(await wrongOn(page, {}, within)).toEqual([])
}

/** The same on a page that is light, whose colours are looked at in the dark as well. */
export async function expectAccessibleLightAndDark(page: Page): Promise<void> {
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await wrongOn(page, { runOnly: colourRules })).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function wrongOn(page: Page, options: RunOptions, within?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  await page.evaluate(finishAnimations)
  const { violations } = await page.evaluate(([place, how]) => window.axe.run(place ?? document, how), [
    within,
    // of what is right nothing is told, which is most of the work
    { ...options, resultTypes: ['violations'] },
  ] satisfies [string | undefined, RunOptions])
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.join(' ')} ${html}`).join(', ')}`)
}

/** What is half faded in has other colours than those to be judged. */
function finishAnimations(): void {
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish()
  }
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
