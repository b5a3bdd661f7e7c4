// A page with a list of the rows of a shape, in a browser without a screen: tells what the page says whenever it changes. The
// options of useShape are the argument. A line {"mount": options} puts another list in its place, {"unmount": true} none.
import { JSDOM } from 'jsdom'
import { onLine, options, tell, tellingFetch } from './lines.mjs'

const { window } = new JSDOM('<main></main>', { pretendToBeVisual: true })
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator })) {
  Object.defineProperty(globalThis, name, { value })
}

const { createElement, useEffect } = await import('react')
const { createRoot } = await import('react-dom/client')
const { useShape } = await import('@electric-sql/react')

const List = ({ shape, leave }) => {
  const { data, isLoading, isError, error } = useShape(shape)
  useEffect(() => () => leave.abort(), [leave])
  if (isLoading && !isError) return createElement('p', null, 'Loading')
  if (isError) return createElement('p', { role: 'alert' }, error.message)
  return createElement('ul', null, ...data.map(({ id, title }) => createElement('li', { key: id }, `${id} ${title}`)))
}

// As in a browser, where the page goes on.
process.on('unhandledRejection', (reason) => tell({ unhandled: String(reason) }))

const main = window.document.querySelector('main')
new window.MutationObserver(() => {
  const texts = (selector) => [...main.querySelectorAll(selector)].map((element) => element.textContent)
  tell({ page: { items: texts('li'), alerts: texts('[role=alert]'), loading: texts('p').includes('Loading') } })
}).observe(main, { childList: true, characterData: true, subtree: true })

const root = createRoot(main)
const mount = (options) => {
  const leave = new AbortController()
  const shape = { ...options, fetchClient: tellingFetch, signal: leave.signal }
  root.render(createElement(List, { key: JSON.stringify(options), shape, leave }))
}
mount(options)
onLine((line) => {
  if (line.mount) mount(line.mount)
  else root.render(null)
})
