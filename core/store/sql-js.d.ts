/** sql.js ships no types and the community ones pull in Node's; `sqlite.ts` states what it uses. */
declare module 'sql.js' {
  const initSqlJs: (options: object) => Promise<unknown>;
  export default initSqlJs;
}
