/** Attributes that mean something in a note; `style` carries bold and italic out of word processors. */
const kept = new Set(['href', 'start', 'style', 'data-pm-slice'])

/**
 * What was copied elsewhere, without what a note cannot hold: pictures, scripts and every attribute but a link's address and
 * a list's first number. Elements that the editor does not know keep their text.
 */
export function reducePaste(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const element of page.querySelectorAll('img, picture, svg, video, audio, iframe, object, template')) element.remove()
  // a table becomes a line a row: its cells must not run into each other
  for (const cell of page.querySelectorAll('td, th')) if (cell.nextElementSibling) cell.append(' ')
  for (const element of page.body.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) if (!kept.has(name)) element.removeAttribute(name)
  }
  return page.body.innerHTML
}
