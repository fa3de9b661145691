// Pyodide reads the signal and sets it to 0 afterwards, whatever it read, so that one that came in between would be lost.
// Here only a signal that was read is taken away.
export function unlost(signal) {
  let read = 0;
  return {
    get 0() {
      return (read = signal[0]);
    },
    set 0(value) {
      if (read) signal[0] = value;
    },
  };
}
