import type { I18n } from 'emoji-picker-element/shared'
import daData from 'emoji-picker-element-data/da/cldr-native/data.json?url'
import deData from 'emoji-picker-element-data/de/cldr-native/data.json?url'
import enData from 'emoji-picker-element-data/en/emojibase/data.json?url'
import frData from 'emoji-picker-element-data/fr/cldr-native/data.json?url'
import nlData from 'emoji-picker-element-data/nl/cldr-native/data.json?url'
import type { Language } from '#shared/contracts/language.ts'

/** Where the picker finds emoji and their names, by language: served by us, fetched when the picker opens for the first time. */
export const emojiData: Record<Language, string> = { en: enData, nl: nlData, da: daData, de: deData, fr: frData }

/** The picker's own words. It ships four of our five languages. */
export async function emojiWords(language: Language): Promise<I18n> {
  switch (language) {
    case 'nl':
      return (await import('emoji-picker-element/i18n/nl')).default
    case 'de':
      return (await import('emoji-picker-element/i18n/de')).default
    case 'fr':
      return (await import('emoji-picker-element/i18n/fr')).default
    case 'da':
      return danish
    case 'en':
      return (await import('emoji-picker-element/i18n/en')).default
  }
}

const danish: I18n = {
  categoriesLabel: 'Kategorier',
  emojiUnsupportedMessage: 'Din browser understøtter ikke farvede emojier.',
  favoritesLabel: 'Favoritter',
  loadingMessage: 'Indlæser…',
  networkErrorMessage: 'Emojier kunne ikke indlæses.',
  regionLabel: 'Emojivælger',
  searchDescription: 'Når der er resultater, tryk på pil op eller ned for at vælge og på Enter for at indsætte.',
  searchLabel: 'Søg',
  searchResultsLabel: 'Søgeresultater',
  skinToneDescription: 'Når listen er åben, tryk på pil op eller ned for at vælge og på Enter for at bekræfte.',
  skinToneLabel: 'Vælg hudfarve (nu {skinTone})',
  skinTonesLabel: 'Hudfarver',
  skinTones: ['Standard', 'Lys', 'Mellemlys', 'Mellem', 'Mellemmørk', 'Mørk'],
  categories: {
    custom: 'Egne',
    'smileys-emotion': 'Smileyer og følelser',
    'people-body': 'Mennesker og krop',
    'animals-nature': 'Dyr og natur',
    'food-drink': 'Mad og drikke',
    'travel-places': 'Rejser og steder',
    activities: 'Aktiviteter',
    objects: 'Ting',
    symbols: 'Symboler',
    flags: 'Flag',
  },
}
