// Runs before the first paint, so that nobody sees the other theme flash by. External, because the page's policy allows no inline script.
{
  const root = document.documentElement
  try {
    const theme = localStorage.getItem('theme')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    if (localStorage.getItem('density') === 'comfortable') root.dataset.density = 'comfortable'
  } catch {
    // storage is blocked: the system's theme
  }
}
