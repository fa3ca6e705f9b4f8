#!/usr/bin/env node
console.log("aibos", process.version, process.cwd(), process.argv.slice(2))
