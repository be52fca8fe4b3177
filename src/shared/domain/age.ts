/** Whole years from a birth date to a day, both calendar dates (`2026-11-26`); null where the birth date is not known. */
export function ageOn(birthDate: string | null, day: string): number | null {
  if (birthDate === null) return null
  const [years, rest] = [Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)), day.slice(5) < birthDate.slice(5)]
  return Math.max(0, rest ? years - 1 : years)
}
