// The example's board in Chromium: starts its server, opens pages of it, and tells what each of them shows whenever that
// changes, under the name of who looks. Lines do what a visitor does.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { onLine, options, tell, tellError } from './lines.mjs'

const server = spawn('node', ['server.mjs'], {
  cwd: options.folder,
  env: { ...process.env, ...options.environment, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.on('exit', () => server.kill())
const [line] = await once(createInterface({ input: server.stdout }), 'line')
const { origin } = new URL(line.match(/http:\S+/)[0])

const browser = await chromium.launch({
  executablePath: options.chromium,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
// One for all pages: tabs of one browser share its connections.
const visitor = await browser.newContext()
const pages = new Map()

const watch = () => {
  let before
  const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent)
  const look = () => {
    const now = {
      todo: texts('[data-lane=todo] .title'),
      doing: texts('[data-lane=doing] .title'),
      done: texts('[data-lane=done] .title'),
      state: document.querySelector('#state').dataset.state,
      news: texts('#news li'),
    }
    if (JSON.stringify(now) === before) return
    before = JSON.stringify(now)
    window.shown(now)
  }
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
  })
}

const open = async (name) => {
  const page = await visitor.newPage()
  pages.set(name, page)
  page.on('pageerror', tellError)
  await page.exposeFunction('shown', (now) => tell({ [name]: now }))
  await page.addInitScript(watch)
  await page.goto(`${origin}/?as=${name}`)
}

const act = async ({ as, add, move, remove, only }) => {
  if (!pages.has(as)) await open(as)
  const page = pages.get(as)
  const card = (title) => page.locator('main li').filter({ hasText: title })
  if (add) {
    await page.getByLabel('Title').fill(add)
    await page.getByRole('button', { name: 'Add' }).click()
  }
  if (move) await card(move).getByRole('button', { name: 'On' }).click()
  if (remove) await card(remove).getByRole('button', { name: 'Delete' }).click()
  if (only) await page.getByLabel('Whose cards').getByRole('button', { name: only }).click()
}

onLine(
  (line) => act(line).catch(tellError),
  () => browser.close(),
)
