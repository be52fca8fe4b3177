/** Is the palette open? Any page's field or key opens it. */
export const palette = $state({ open: false })
