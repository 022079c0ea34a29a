/** Opens an address in the user's browser, but not on a machine of continuous integration: there nobody looks. */
export const openBrowser = async (address: string): Promise<void> => {
  if (process.env.CI) return;
  const { default: open } = await import('open');
  const started = await open(address);
  // Without a browser the address is still there to be copied.
  started.on('error', () => {});
  started.unref();
};
