// Follows many shapes with the stock client, as one application would. A line { follow, options } begins one; a line
// { ask, lsn } is answered with the rows when the client has been up to date there. Values stay the text they came as.
import { Shape, ShapeStream } from '@electric-sql/client'
import { onLine, tell } from './lines.mjs'

const asText = (value) => value
const parser = Object.fromEntries(
  ['int2', 'int4', 'int8', 'bool', 'float4', 'float8', 'json', 'jsonb'].map((type) => [type, asText]),
)
const backoffOptions = { initialDelay: 50, maxDelay: 500, multiplier: 2 }
const followed = new Map()

// Who goes on takes an answer that broke off for one to ask for again, as an application may.
const follow = (name, goesOn, options) => {
  const one = { seen: -1n, refetches: 0, errors: [], asked: [] }
  const fetchClient = async (url, init) => {
    const response = await fetch(url, init)
    if (response.status === 409) one.refetches++
    return response
  }
  const stream = new ShapeStream({ ...options, parser, backoffOptions, fetchClient, onError: (error) => {
    if (goesOn) return {}
    one.errors.push(String(error))
    answer(name, one)
  } })
  one.shape = new Shape(stream)
  // After the Shape, which has the rows by then.
  stream.subscribe((messages) => {
    for (const { headers } of messages) {
      if (headers.control === 'up-to-date' && headers.global_last_seen_lsn) {
        one.seen = BigInt(headers.global_last_seen_lsn)
      }
    }
    answer(name, one)
  })
  followed.set(name, one)
}

const answer = (name, one) => {
  one.asked = one.asked.filter(({ id, lsn }) => {
    if (one.errors.length === 0 && (one.seen < lsn || !one.shape.stream.isUpToDate)) return true
    const { refetches, errors } = one
    tell({ [id]: { rows: Object.fromEntries(one.shape.currentValue), refetches, errors } })
    return false
  })
}

onLine((line) => {
  if (line.follow) return follow(line.follow, line.goesOn, line.options)
  const one = followed.get(line.ask)
  one.asked.push({ id: line.id, lsn: BigInt(line.lsn) })
  answer(line.ask, one)
})
