// A Postgres in this process, kept in a folder, that follows shapes into its tables: tells what a live query of it answers. The
// argument has the folder, the shape, and the table, whose name is also the key under which PGlite remembers how far it is.
import { PGlite } from '@electric-sql/pglite'
import { live } from '@electric-sql/pglite/live'
import { electricSync } from '@electric-sql/pglite-sync'
import { onLine, options, tell, tellError, tellingFetch } from './lines.mjs'

const { folder, shape, table } = options
const postgres = await PGlite.create({ dataDir: folder, extensions: { electric: electricSync(), live } })
await postgres.exec(`CREATE TABLE IF NOT EXISTS ${table} (id int PRIMARY KEY, title text NOT NULL, priority int, tags text[])`)
await postgres.live.query(`SELECT * FROM ${table} ORDER BY id`, [], ({ rows }) => tell({ rows }))
await postgres.electric.syncShapeToTable({
  shape: { ...shape, fetchClient: tellingFetch },
  table,
  primaryKey: ['id'],
  shapeKey: table,
  onInitialSync: () => tell({ synced: true }),
  onError: tellError,
})
onLine(() => {}, () => postgres.close())
