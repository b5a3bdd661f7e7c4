// A collection of the rows of a shape and a live query of it: tells what the query answers whenever that changes. The argument has
// the options of the shape, the collection's sync mode, and the query: priority above, by priority descending, so many.
// Lines: {"awaitTxId": id} tells when the collection has seen the transaction; {"insert": row} writes as applications do: the row
// is there at once, and goes again unless the line {"written": id} says in which transaction the database has it.
import { BasicIndex, createCollection, createLiveQueryCollection, gt } from '@tanstack/db'
import { electricCollectionOptions } from '@tanstack/electric-db-collection'
import { onLine, options, tell, tellError, tellingFetch } from './lines.mjs'

const { shape, syncMode, above, limit } = options
let written = () => {}

const issues = createCollection(
  electricCollectionOptions({
    id: 'issues',
    shapeOptions: { ...shape, fetchClient: tellingFetch, onError: tellError },
    syncMode,
    autoIndex: 'eager',
    defaultIndexType: BasicIndex,
    getKey: (issue) => issue.id,
    onInsert: ({ transaction }) =>
      new Promise((resolve) => {
        written = (txid) => resolve({ txid })
        tell({ write: transaction.mutations[0].modified })
      }),
  }),
)
const important = createLiveQueryCollection({
  startSync: true,
  query: (query) => {
    const sorted = query
      .from({ issue: issues })
      .where(({ issue }) => gt(issue.priority, above))
      .orderBy(({ issue }) => issue.priority, 'desc')
    return limit === undefined ? sorted : sorted.limit(limit)
  },
})

const tellAnswer = () => tell({ answer: important.toArray.map(({ id, title }) => `${id} ${title}`), held: issues.size })
important.subscribeChanges(tellAnswer, { includeInitialState: true })
issues.subscribeChanges(tellAnswer)
issues.on('status:change', ({ status }) => tell({ status }))

onLine((line) => {
  if (line.awaitTxId) issues.utils.awaitTxId(line.awaitTxId, 20000).then(() => tell({ seen: line.awaitTxId }), tellError)
  else if (line.insert) issues.insert(line.insert).isPersisted.promise.then(() => tell({ persisted: line.insert.id }), tellError)
  else written(line.written)
})
