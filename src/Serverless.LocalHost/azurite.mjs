// Azurite for dotnet dev.cs up: node azurite.mjs FIRST_PORT FOLDER table|all. The ports are blob, queue and table, in that order.
const [port, folder, services] = process.argv.splice(2);
process.argv.push('--tablePort', `${+port + 2}`, '--location', folder, '--silent', '--disableTelemetry', '--skipApiVersionCheck');
if (services === 'all')
  process.argv.push('--blobPort', port, '--queuePort', `${+port + 1}`);

// Azurite saves its tables every 5 s and when told to end. The end of its input tells it, on every system and also when the program
// that started it is killed. It ignores a Ctrl+C in the terminal, because the app may still be writing.
const once = process.once;
process.once = (event, f) => event === 'SIGINT' ? process.on(event, () => {}) : once.call(process, event, f);
process.stdin.resume().on('end', () => { process.emit('message', 'shutdown'); setTimeout(process.exit, 4000).unref(); });
await import(services === 'all' ? 'azurite/dist/src/azurite.js' : 'azurite/dist/src/table/main.js');
