// Serves the page, and writes what it says to Postgres. Reading is no business of this server: rows reach the page as a shape.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import postgres from 'postgres'

const database = process.env.DATABASE_URL ?? 'postgres://postgres:postgres@127.0.0.1:54321/postgres'
const electric = process.env.ELECTRIC_URL ?? 'http://localhost:3000'
const port = Number(process.env.PORT ?? 8000)
const MOST_BYTES = 10_000

const sql = postgres(database, { max: 4, idle_timeout: 60, onnotice: () => {} })

const setUp = () =>
  sql.begin(async (sql) => {
    // Two boards may start at the same time.
    await sql`SELECT pg_advisory_xact_lock(hashtext('board'))`
    const [{ there }] = await sql`SELECT to_regclass('cards') IS NOT NULL AS there`
    if (there) return
    await sql`
      CREATE TABLE cards (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        title text NOT NULL CHECK (title <> ''),
        lane text NOT NULL DEFAULT 'todo' CHECK (lane IN ('todo', 'doing', 'done')),
        author text NOT NULL DEFAULT 'psql',
        created_at timestamptz NOT NULL DEFAULT clock_timestamp())`
    await sql`
      INSERT INTO cards (title, lane, author) VALUES
        ('Start Electric', 'done', 'Fox'),
        ('Look at the same board twice', 'doing', 'Fox'),
        ('Move a card on one side', 'todo', 'Owl'),
        ('Insert a card with psql', 'todo', 'Owl'),
        ('Stop Electric for a moment, and start it again', 'todo', 'Fox')`
  })

const files = {
  '/': ['public/index.html', 'text/html'],
  '/two': ['public/two.html', 'text/html'],
  '/board.css': ['public/board.css', 'text/css'],
  '/board.mjs': ['public/board.mjs', 'text/javascript'],
  // The stock client as it comes from npm: this file of it needs no bundler.
  '/electric.mjs': ['node_modules/@electric-sql/client/dist/index.browser.mjs', 'text/javascript'],
}

const actions = {
  POST: (_, { id, title, author }) => sql`INSERT INTO cards ${sql({ id, title, author })}`,
  PATCH: (id, { lane }) => sql`UPDATE cards SET lane = ${lane} WHERE id = ${id}`,
  DELETE: (id) => sql`DELETE FROM cards WHERE id = ${id}`,
}

const body = async (request) => {
  // Other sites cannot send this type without asking first, and nobody answers them.
  if (request.headers['content-type'] !== 'application/json') throw new Error('Send application/json')
  let text = ''
  for await (const part of request.setEncoding('utf8')) {
    text += part
    if (text.length > MOST_BYTES) throw new Error(`Send less than ${MOST_BYTES} characters`)
  }
  return JSON.parse(text)
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const reply = (status, value) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.method === 'GET' && files[pathname]) {
    const [file, type] = files[pathname]
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' })
    createReadStream(new URL(file, import.meta.url)).pipe(response)
  } else if (request.method === 'GET' && pathname === '/settings.json') {
    // A password of one's own stays out of the page.
    const url = process.env.DATABASE_URL ? '"$DATABASE_URL"' : `'${database}'`
    reply(200, { shapes: `${electric}/v1/shape`, psql: `psql ${url}` })
  } else if (pathname.startsWith('/cards') && actions[request.method]) {
    try {
      await actions[request.method](pathname.slice('/cards/'.length), await body(request))
      reply(200, {})
    } catch (refused) {
      reply(400, { message: refused.message })
    }
  } else {
    reply(404, { message: 'Not here' })
  }
})

const connected = async () => {
  for (let waiting = false; ; waiting = true) {
    try {
      return await setUp()
    } catch (failed) {
      if (failed.code !== 'ECONNREFUSED' && failed.code !== '57P03') throw failed
      if (!waiting) console.log('Waiting for Postgres: start sync-service/bin/electric in another terminal.')
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

server.on('error', (failed) => {
  console.error(failed.code === 'EADDRINUSE' ? `Port ${port} is taken: choose another with PORT=...` : failed.message)
  process.exit(1)
})
try {
  await connected()
} catch (failed) {
  console.error(`Could not make the table of the board: ${failed.message}`)
  process.exit(1)
}
server.listen(port, '127.0.0.1', () => console.log(`Two boards, side by side: http://localhost:${server.address().port}/two`))
