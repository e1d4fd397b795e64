/** A configuration with everything in it, for tests. */
export const EXAMPLE = `broker:
  restUrl: http://127.0.0.1:4610/v2
  authUrl: http://127.0.0.1:4610/auth
  orderUpdateUrl: ws://127.0.0.1:4610/order-updates
  instruments: http://127.0.0.1:4610/instruments
  requestTimeoutMs: 5000
  calendar: always-open
accounts:
  - id: leader
    clientId: \${LEADER_CLIENT_ID}
    accessToken: \${LEADER_ACCESS_TOKEN}
  - id: asha
    clientId: \${ASHA_CLIENT_ID}
    accessToken: \${ASHA_ACCESS_TOKEN}
    relation: spouse
    egress: { localAddress: 127.0.0.2 }
  - id: ravi
    clientId: \${RAVI_CLIENT_ID}
    accessToken: \${RAVI_ACCESS_TOKEN}
    egress: { proxy: \${RAVI_PROXY} }
links:
  - id: leader-asha
    leader: leader
    follower: asha
    mode: active
    copy: orders
    sizing: { kind: multiplier, value: 0.5 }
    marketOrders: protected-limit
    brackets: super-order
    afterLeaderFilled: { kind: leave }
    unprotected: rearm
    repair: { kind: by-hand }
    substitutions: { "NSE_EQ:1333": "BSE_EQ:500180" }
    maxAgeSeconds: 90
    guards: { maxOrderValue: 500000.25, maxPriceDistanceBps: 150 }
  - id: leader-ravi
    leader: leader
    follower: ravi
    mode: close-only
`;

const VALUES: Readonly<Record<string, string>> = {
  LEADER_CLIENT_ID: "1100000001",
  LEADER_ACCESS_TOKEN: "token-of-leader",
  ASHA_CLIENT_ID: "1100000002",
  ASHA_ACCESS_TOKEN: "token-of-asha",
  RAVI_CLIENT_ID: "1100000003",
  RAVI_ACCESS_TOKEN: "token-of-ravi",
  RAVI_PROXY: "http://ravi:password-of-ravi@127.0.0.1:8080",
  HALF: "0.5",
  EMPTY: "",
  WORD: "half",
};

export const exampleVariables = (name: string): string | undefined => VALUES[name];
