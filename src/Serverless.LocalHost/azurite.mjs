// Imported before Azurite. It saves its tables every 5 s and when told to end. The end of its input tells it, on every system and
// also when the program that started it is killed. It ignores a Ctrl+C in the terminal, because the app may still be writing.
const once = process.once;
process.once = (event, f) => event === 'SIGINT' ? process.on(event, () => {}) : once.call(process, event, f);
process.stdin.resume().on('end', () => { process.emit('message', 'shutdown'); setTimeout(process.exit, 4000).unref(); });
