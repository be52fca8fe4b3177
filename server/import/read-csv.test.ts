import { expect, it } from 'vitest'
import { readCsv } from './read-csv.ts'

const read = (text: string, delimiter?: string) => readCsv('clients', text, ['a', 'b'], delimiter)

it('names the line a row begins on, over blank lines, cells of several lines, and every kind of line end', () => {
  const lines = ['a,b', '1,"x', 'y"', '', ' , ', '3,4', '"5', '', '5",6', '7,8']
  for (const end of ['\n', '\r\n', '\r']) {
    const { rows, faults } = read(lines.join(end))
    expect(faults).toEqual([])
    expect(rows).toEqual([
      { line: 2, cells: { a: '1', b: 'x\ny' } },
      { line: 6, cells: { a: '3', b: '4' } },
      { line: 7, cells: { a: '5\n\n5', b: '6' } },
      { line: 10, cells: { a: '7', b: '8' } },
    ])
  }
})

it('passes over a byte order mark, columns nobody asked for, and the order of columns', () => {
  const { rows, faults } = read('\ufeffb , other,a\nB,x,A\n')
  expect(faults).toEqual([])
  expect(rows.map(({ cells }) => [cells.a, cells.b])).toEqual([['A', 'B']])
})

it('takes another delimiter, and quotes inside quotes', () => {
  expect(read('a;b\n"say ""hi""";1,5', ';').rows[0]?.cells).toEqual({ a: 'say "hi"', b: '1,5' })
})

it('names a column that is missing or there twice', () => {
  expect(read('a,c\n1,2').faults).toEqual([{ file: 'clients', line: 1, column: 'b', reason: 'missingColumn', value: '' }])
  expect(read('\na,b,a\n1,2,3').faults).toEqual([{ file: 'clients', line: 2, column: 'a', reason: 'doubleColumn', value: 'a' }])
})

it('names lines with too few or too many cells', () => {
  expect(read('a,b\n1,2\n3\n4,5,6').faults.map(({ line, column, reason, value }) => [line, column, reason, value])).toEqual([
    [3, null, 'wrongCellCount', '1'],
    [4, null, 'wrongCellCount', '3'],
  ])
})

it('names the line of the record whose quote never ends', () => {
  expect(read('a,b\n1,2\n3,"4\n5,6\n7,8').faults).toEqual([{ file: 'clients', line: 3, column: null, reason: 'notCsv', value: '' }])
})

it('refuses a file without headings', () => {
  expect(read('').faults[0]?.reason).toBe('noHeadings')
  expect(read('\n\n').faults[0]?.reason).toBe('noHeadings')
})

it('a heading named like a part of every object is a column like another', () => {
  expect(read('a,b,__proto__\n1,2,3').rows[0]?.cells.a).toBe('1')
})
