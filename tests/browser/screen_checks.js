// What is looked at on a screen as it is drawn: functions of one object, called by screen_checks.py.
(() => {
  const WIDGETS = ['stSelectbox', 'stMultiSelect', 'stTextInput', 'stTextArea', 'stNumberInput', 'stDateInput']
    .map((name) => `[data-testid=${name}]`).join()
  // Native navigation, and the toolbars of tables and charts that nobody must hit on a tablet.
  const EXCEPTIONS = '[data-testid^=stTopNav], [data-testid=stElementToolbar], .vega-embed details, canvas'
  const TAPPED = 'button, a[href], input, textarea, select, summary, [role=button], [role=tab], [role=radio]'
  const MARKS = [':material/', '**', ':small[', '-badge[', ':gray[']
  const QUIET_MS = 250

  const isIcon = (element) => getComputedStyle(element).fontFamily.includes('Material Symbols')

  const isSeen = (element) => {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    return box.width > 2 && box.height > 2 && style.visibility !== 'hidden' && style.opacity !== '0'
      && !element.closest('[inert], [data-testid=hidden-dateinput-container]')
  }

  const named = (element) => {
    const words = element.getAttribute('aria-label') || element.innerText || element.value || ''
    return `${element.tagName.toLowerCase()} “${words.replace(/\s+/g, ' ').trim().slice(0, 60)}”`
  }

  // What is tapped of a field is its frame: the nearest one around it with a border.
  const target = (element) => {
    const widget = element.closest(WIDGETS)
    if (widget === null) return element.matches('summary') ? element.parentElement : element
    let frame = element
    while (frame !== widget && parseFloat(getComputedStyle(frame).borderTopWidth) === 0) frame = frame.parentElement
    return frame
  }

  const tooWide = () => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .filter((element) => element && element.scrollWidth > element.clientWidth)
    .map((element) => {
      const right = element.getBoundingClientRect().left + element.clientWidth + 1
      const past = [...element.querySelectorAll('*')].filter(
        (inner) => isSeen(inner) && inner.getBoundingClientRect().right > right)
      return `too wide: ${element.scrollWidth} > ${element.clientWidth}: ${past.slice(-3).map(named)}`
    })

  const wrongWith = (element, least) => {
    const box = element.getBoundingClientRect()
    if (isIcon(element)) return box.width > 2 * box.height ? [`icon as text: ${element.textContent}`] : []
    const found = []
    const height = element.matches(TAPPED) ? target(element).getBoundingClientRect().height : least
    if (height < least) found.push(`low: ${Math.round(height)} px: ${named(element)}`)
    const label = element.closest('button, [role=tab], a[href]')
    const isShortened = getComputedStyle(element).textOverflow === 'ellipsis'
    const isCut = element.clientWidth > 2 && element.scrollWidth > element.clientWidth + 1
    const hasIcon = [...element.querySelectorAll('*')].some(isIcon)
    if (isCut && !hasIcon && element.innerText && (label || isShortened))
      found.push(`cut: ${element.scrollWidth} > ${element.clientWidth}: ${named(label || element)}`)
    return found
  }

  window.fieldvisitScreen = {
    // Drawn, and nothing has run for a moment: one run may ask for the next.
    isDrawn() {
      const app = document.querySelector('[data-testid=stApp]')
      const main = '[data-testid=stMain]'
      const isQuiet = app && app.dataset.testScriptState === 'notRunning'
        && document.querySelector(`${main} [data-testid=stMarkdown], ${main} [data-testid=stHeading]`)
        && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')
      if (!isQuiet) this.quietSince = undefined
      else this.quietSince ??= performance.now()
      return Boolean(isQuiet) && performance.now() - this.quietSince > QUIET_MS
    },

    // Why it is not: for the message of a test that waited in vain.
    undrawn() {
      const app = document.querySelector('[data-testid=stApp]')
      const stale = [...document.querySelectorAll('[data-testid=stSkeleton], [data-stale=true]')]
      return JSON.stringify({
        script: app?.dataset.testScriptState,
        connection: app?.dataset.testConnectionState,
        stale: stale.slice(0, 5).map((element) => `${element.dataset.testid} ${element.className}`),
        text: document.body.innerText.slice(0, 300),
      })
    },

    layout(least) {
      const found = tooWide()
      for (const element of document.querySelectorAll('[data-testid=stApp] *'))
        if (isSeen(element) && !element.closest(EXCEPTIONS)) found.push(...wrongWith(element, least))
      const text = document.body.innerText
      found.push(...MARKS.filter((mark) => text.includes(mark)).map((mark) => `mark as text: ${mark}`))
      return [...new Set(found)]
    },

    texts() {
      // Streamlit's own hidden link past the header is no text of a screen.
      const skipped = 'style, script, a[href^="#"]'
      const walker = document.createTreeWalker(document.querySelector('[data-testid=stApp]'), NodeFilter.SHOW_TEXT)
      const texts = new Set([...document.querySelectorAll('[placeholder]')]
        .filter((field) => !field.value).map((field) => field.placeholder))
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const around = node.parentElement
        if (around.closest(skipped) || isIcon(around) || !around.checkVisibility()) continue
        texts.add(node.textContent.replace(/\s+/g, ' ').trim())
      }
      return [...texts].filter(Boolean)
    },
  }
})()
