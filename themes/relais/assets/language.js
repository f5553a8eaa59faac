// Remembers which language a reader chose, in the reader's own browser, and takes whoever comes back to the language
// chooser there. It sends nothing, and every page works without it. `#choose` behind the chooser's address stays there.

const KEY = 'relais-language';

/** The language that was chosen last; null where none was, or where the browser keeps nothing. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} tag - BCP 47 */
function remember(tag) {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

/** @type {NodeListOf<HTMLAnchorElement>} */
const choices = document.querySelectorAll('.choices a[hreflang]');
const chosen = remembered();
const known = [...choices].find((link) => link.hreflang === chosen);
// The chooser leaves no trace in the history: "back" leads to where the reader came from.
if (known && location.hash !== '#choose') location.replace(known.href);

for (const link of document.querySelectorAll('.choices a[hreflang], .languages a[hreflang]')) {
  link.addEventListener('click', () => remember(link.getAttribute('hreflang') ?? ''));
}
