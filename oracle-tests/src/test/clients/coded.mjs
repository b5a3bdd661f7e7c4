// Reads one address as Node does and as Chromium does, and tells of each in which coding it came and what it says.
import { createHash } from 'node:crypto'
import { chromium } from 'playwright-core'
import { onLine, options, tell, tellError } from './lines.mjs'

const sum = (text) => createHash('sha256').update(text).digest('hex')

const inNode = async () => {
  const response = await fetch(options.url)
  tell({ node: { coding: response.headers.get('content-encoding'), sum: sum(await response.text()) } })
}

const inBrowser = async () => {
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    await page.goto(new URL('/', options.url).href)
    const [response, text] = await Promise.all([
      page.waitForResponse(options.url),
      page.evaluate(async (url) => (await fetch(url)).text(), options.url),
    ])
    tell({ browser: { coding: response.headers()['content-encoding'], sum: sum(text) } })
  } finally {
    await browser.close()
  }
}

onLine(() => {})
await Promise.all([inNode(), inBrowser()]).catch(tellError)
