// Follows one shape with the stock client, as an application would, and tells on standard output what the client told it:
// one JSON object per line. The options of the ShapeStream are the one argument. Ends when standard input does.
import { createInterface } from 'node:readline'
import { Shape, ShapeStream } from '@electric-sql/client'

const options = JSON.parse(process.argv[2])

// What JSON cannot say, as text that no value of the tests has.
const sayable = (_, value) =>
  typeof value === 'bigint' ? `bigint ${value}`
  : typeof value === 'number' && !Number.isFinite(value) ? `number ${value}`
  : Object.is(value, -0) ? 'number -0'
  : value
const tell = (event) => process.stdout.write(JSON.stringify(event, sayable) + '\n')

const stream = new ShapeStream({
  ...options,
  fetchClient: async (url, init) => {
    tell({ request: String(url) })
    return fetch(url, init)
  },
  onError: (error) => tell({ error: String(error) }),
})

// Before the Shape, which subscribes too: what it then tells is about messages that were told already.
stream.subscribe(
  (messages) => tell({ messages, offset: stream.lastOffset, handle: stream.shapeHandle, upToDate: stream.isUpToDate }),
  (error) => tell({ error: String(error) }),
)
new Shape(stream).subscribe(({ value }) => tell({ rows: Object.fromEntries(value) }))

// Each line of standard input asks for some of the rows, which then come like all others.
createInterface({ input: process.stdin })
  .on('line', (line) => stream.requestSnapshot(JSON.parse(line)).catch((error) => tell({ error: String(error) })))
  .on('close', () => process.exit(0))
