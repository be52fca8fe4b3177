/** What a spreadsheet takes for a formula: also after white space, with the wide signs of East Asian keyboards, and behind apostrophes. */
const formula = /^'*[\t\r\n]|^[\s']*[=+\-@＝＋－＠]/u

/** S4.16: the text of a CSV cell; what a spreadsheet would take for a formula gets an apostrophe in front. `undefused` takes it off again. */
export function defused(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

/** The text that `defused` was given. An apostrophe that stands there for another reason stays. */
export function undefused(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell
}
