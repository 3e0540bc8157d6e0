const key = 'demo:address';

/** Addresses that this browser may pretend to have, with the country that the service finds. */
export const addresses = { '81.2.69.142': 'United Kingdom', '193.99.144.80': 'Germany', '8.8.8.8': 'United States', '': 'no known country' } as const;

/** The chosen one, in all tabs. */
export const currentAddress = (): string => localStorage.getItem(key) ?? Object.keys(addresses)[0]!;
export const chooseAddress = (address: string): void => localStorage.setItem(key, address);

/** Locally no proxy tells the service who calls, so the page does. Elsewhere one appends the address that counts, and this is ignored. */
export const fetchFromAddress: typeof fetch = (input, init) => {
  const request = new Request(input, init);
  if (currentAddress())
    request.headers.set('x-forwarded-for', currentAddress());
  return fetch(request);
};
