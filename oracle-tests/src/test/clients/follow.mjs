// Follows one shape with the stock client, as an application would, and tells what the client told it. The options of the
// ShapeStream are the one argument.
import { Shape, ShapeStream } from '@electric-sql/client'
import { onLine, options, tell, tellError, tellingFetch } from './lines.mjs'

// An application that goes on after errors says so, as the client wants it said.
const { goesOn, ...shape } = options
const onError = goesOn ? () => ({}) : tellError
let look = () => {}
const runtimeVisibility = {
  subscribe: (callback) => {
    look = callback
    return () => {}
  },
}
const stream = new ShapeStream({ ...shape, fetchClient: tellingFetch, onError, runtimeVisibility })

// Before the Shape, which subscribes too: what it then tells is about messages that were told already.
stream.subscribe(
  (messages) => {
    const position = { offset: stream.lastOffset, handle: stream.shapeHandle }
    tell({ messages, position, upToDate: stream.isUpToDate })
  },
  tellError,
)
new Shape(stream).subscribe(({ value }) => tell({ rows: Object.fromEntries(value) }))

// A line {"look": "hidden"} or "visible" is what happens to the page, and is told when the client has taken it in; any other asks
// for some of the rows, which then come like all others.
onLine((line) => {
  if (!line.look) return stream.requestSnapshot(line).catch(tellError)
  look(line.look)
  tell(line)
})
