/** The names of places for temporary databases: an embedded PostgreSQL, or the server of the project. */
export const scratchPlaces = ['pglite', 'server'] as const
