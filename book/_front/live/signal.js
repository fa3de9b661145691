// What Pyodide looks at for an interrupt. It reads the shared signal and sets it to 0 afterwards, whatever it read, so that
// one that came in between would be lost: here only one that was read is taken away. And it is read only while the
// kernel heeds it, or an interrupt would end the kernel's own work, and the page would wait for an answer for ever.
export function interrupts(signal) {
  let read = 0;
  let heeded = false;
  return {
    get 0() {
      return (read = heeded ? signal[0] : 0);
    },
    set 0(value) {
      if (read) signal[0] = value;
    },
    heed(wanted) {
      heeded = wanted;
      if (!wanted) signal[0] = 0; // one that came too late is for no other cell
    },
  };
}
