import { BackoffDefaults, isChangeMessage, Shape, ShapeStream } from './electric.mjs'

const LANES = ['todo', 'doing', 'done']
const AUTHORS = ['Fox', 'Owl', 'Bee', 'Cat', 'Elk']
const NEWS = 3

const at = (selector) => document.querySelector(selector)
const settings = await (await fetch('settings.json')).json()
const me = new URLSearchParams(location.search).get('as') ?? AUTHORS[Math.floor(Math.random() * AUTHORS.length)]
const hue = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)

// --- following: a shape is a table, and a filter that the server applies ---

let leave = new AbortController()
let stream
let trouble = ''

const follow = (author) => {
  leave.abort()
  leave = new AbortController()
  const { signal } = leave
  trouble = ''
  const params = { table: 'cards', ...(author && { where: 'author = $1', params: [author] }) }
  stream = new ShapeStream({
    url: settings.shapes,
    params,
    signal,
    // Electric runs on this machine and is back at once.
    backoffOptions: { ...BackoffDefaults, initialDelay: 200, maxDelay: 2_000 },
    onError: (error) => {
      trouble = error.message
    },
  })
  let known = false // the rows that were there before are no news
  stream.subscribe((messages) => {
    if (known) messages.filter(isChangeMessage).forEach(report)
    known ||= stream.isUpToDate
  })
  new Shape(stream).subscribe(({ rows }) => signal.aborted || show(rows))

  at('#asked').textContent =
    `${settings.shapes}?table=cards${author && `&where=author = $1&params[1]=${author}`}`
  for (const chip of at('#filter').children) chip.setAttribute('aria-pressed', String(chip.value === author))
}

setInterval(() => {
  const state = trouble ? 'stopped' : !stream.isConnected() ? 'away' : stream.lastSyncedAt() ? 'live' : 'connecting'
  at('#state').dataset.state = state
  at('#state').textContent = {
    stopped: trouble,
    away: 'Electric is away, trying again',
    live: 'live',
    connecting: 'connecting',
  }[state]
}, 200)

// --- writing: goes to Postgres, and comes back as everybody else sees it ---

const sent = new Map() // when, by card

const write = async (method, id, values = {}) => {
  sent.set(id, performance.now())
  const response = await fetch(`cards/${id}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, ...values }),
  })
  if (response.ok) return
  sent.delete(id)
  news('refused', (await response.json()).message, '')
}

at('#add').addEventListener('submit', (event) => {
  event.preventDefault()
  write('POST', crypto.randomUUID(), { title: event.target.title.value, author: me })
  event.target.reset()
})

at('main').addEventListener('click', ({ target }) => {
  const card = target.closest('li')
  const lane = LANES.indexOf(target.closest('section').dataset.lane)
  if (target.dataset.do === 'delete') write('DELETE', card.dataset.id)
  if (target.dataset.do === 'back') write('PATCH', card.dataset.id, { lane: LANES[lane - 1] })
  if (target.dataset.do === 'on') write('PATCH', card.dataset.id, { lane: LANES[lane + 1] })
})

// --- showing ---

const cards = new Map() // elements, by id

const show = (rows) => {
  const before = new Map([...cards].map(([id, card]) => [id, card.getBoundingClientRect()]))
  const gone = new Set(cards.keys())
  for (const row of rows.toSorted((a, b) => a.created_at.localeCompare(b.created_at))) {
    gone.delete(row.id)
    const card = cards.get(row.id) ?? newCard(row.id)
    card.style.setProperty('--hue', hue(row.author))
    card.querySelector('.title').textContent = row.title
    card.querySelector('.author').textContent = row.author
    at(`[data-lane=${row.lane}] ul`).append(card)
  }
  for (const id of gone) {
    cards.get(id).remove()
    cards.delete(id)
  }
  for (const [id, card] of cards) appear(card, before.get(id))
}

const newCard = (id) => {
  const card = at('#card').content.firstElementChild.cloneNode(true)
  card.dataset.id = id
  cards.set(id, card)
  return card
}

const appear = (card, from) => {
  if (matchMedia('(prefers-reduced-motion)').matches) return
  const to = card.getBoundingClientRect()
  const start = from ? `translate(${from.x - to.x}px, ${from.y - to.y}px)` : 'scale(0.8)'
  if (from && from.x === to.x && from.y === to.y) return
  card.animate([{ transform: start, opacity: from ? 1 : 0 }, {}], { duration: 250, easing: 'ease-out' })
}

const report = ({ headers, value }) => {
  const since = sent.get(value.id)
  sent.delete(value.id)
  const took = since === undefined ? 'from elsewhere' : `${Math.round(performance.now() - since)} ms from click to screen`
  news(headers.operation, value.title ?? cards.get(value.id)?.querySelector('.title').textContent ?? '', took)
}

const news = (...words) => {
  const item = document.createElement('li')
  item.append(
    ...words.map((word) => {
      const span = document.createElement('span')
      span.textContent = word
      return span
    }),
  )
  at('#news').prepend(item)
  while (at('#news').children.length > NEWS) at('#news').lastElementChild.remove()
}

at('#me').textContent = me
document.documentElement.style.setProperty('--hue', hue(me))
at('#outside').textContent = `${settings.psql} -c "INSERT INTO cards (title) VALUES ('Hello from psql')"`
for (const author of ['', ...AUTHORS, 'psql']) {
  const chip = document.createElement('button')
  chip.value = author
  chip.textContent = author || 'everybody'
  if (author) chip.style.setProperty('--hue', hue(author))
  at('#filter').append(chip)
}
at('#filter').addEventListener('click', ({ target }) => target.value !== undefined && follow(target.value))
follow('')
