// How a script here speaks with the test that runs it: one JSON value per line, both ways. Ends when standard input does.
import { createInterface } from 'node:readline'

// What JSON cannot say, as text that no value of the tests has.
const sayable = (_, value) =>
  typeof value === 'bigint' ? `bigint ${value}`
  : typeof value === 'number' && !Number.isFinite(value) ? `number ${value}`
  : Object.is(value, -0) ? 'number -0'
  : value

export const options = JSON.parse(process.argv[2])

export const tell = (event) => process.stdout.write(JSON.stringify(event, sayable) + '\n')

export const tellError = (error) => tell({ error: String(error) })

export const tellingFetch = async (url, init) => {
  tell({ request: String(url) })
  const response = await fetch(url, init)
  if (!response.ok) tell({ refused: `${response.status} ${url}` })
  return response
}

export const onLine = (act, end = async () => {}) =>
  createInterface({ input: process.stdin })
    .on('line', (line) => act(JSON.parse(line)))
    .on('close', () => end().finally(() => process.exit(0)))
