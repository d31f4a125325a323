-- One observation: the rolling windows of an account, its distinct counts, and the sets of accounts behind each fingerprint, as an account's grain keeps
-- them. All of an account but its distinct counts is one hash of packed fields, so that a call reads and writes it once.
-- KEYS[1] account. ARGV: 1 time in ms, 2 request id (8 bytes), 3 input tokens, 4 output tokens, 5 error (0, 1), 6 template (4 bytes), 7 capability,
-- 8 account id (16 bytes), 9.. fingerprints (kind and 16 bytes): address, network, client, and the rest.
local key, now = KEYS[1], tonumber(ARGV[1])
local f = redis.call('HMGET', key, 'c', 'd', 'g', 'h', 'r', 't', 's')

-- Requests of the last ten minutes count once: up to 32 entries of id and second.
local second = math.floor(now / 1000)
local recent = f[5] or ''
local at = string.find(recent, ARGV[2], 1, true)
if at and (at - 1) % 12 == 0 and second - struct.unpack('<I4', recent, at + 8) <= 600 then return 0 end
recent = recent .. ARGV[2] .. struct.pack('<I4', second)
if #recent > 384 then recent = string.sub(recent, 13) end

-- Four measures, decayed over five horizons.
local halves = { 60000, 600000, 3600000, 86400000, 1209600000 }
local add = { 1, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]) }
local last = now
local v = {}
if f[1] then
  v = { struct.unpack('<dddddddddddddddddddd', f[1]) }
  last = struct.unpack('<d', f[1], 161)
else
  for i = 1, 20 do v[i] = 0 end
end
local elapsed = math.max(0, now - last)
for horizon = 1, 5 do
  local left = math.exp(-0.6931471805599453 * elapsed / halves[horizon])
  for measure = 0, 3 do
    local i = measure * 5 + horizon
    v[i] = v[i] * left + add[measure + 1]
  end
end
local counters = struct.pack('<ddddddddddddddddddddd', v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16], v[17], v[18],
  v[19], v[20], math.max(now, last))

-- Totals of the last fourteen days, a slot for each.
local day = math.floor(now / 86400000)
local days = f[2] or string.rep('\0', 224)
local slot = (day % 14) * 16
local kept, requests, input, output = struct.unpack('<I4I4I4I4', days, slot + 1)
if kept ~= day then requests, input, output = 0, 0, 0 end
days = string.sub(days, 1, slot) .. struct.pack('<I4I4I4I4', day, requests + 1, input + add[2], output + add[3]) .. string.sub(days, slot + 17)

-- The shape of gaps: weight, mean and variance of their logarithm. The hours.
local gaps = f[3] or struct.pack('<fff', 0, 0, 0)
if f[1] then
  local weight, mean, variance = struct.unpack('<fff', gaps)
  local old = weight * (255 / 256)
  local distance = math.log(math.max(1, elapsed) / 1000) - mean
  weight = old + 1
  gaps = struct.pack('<fff', weight, mean + distance / weight, old / weight * (variance + distance * distance / weight))
end
local hours = f[4] or string.rep('\0', 24)
local hour = math.floor(now / 3600000) % 24
hours = string.sub(hours, 1, hour) .. string.char(math.min(255, string.byte(hours, hour + 1) + 1)) .. string.sub(hours, hour + 2)

-- The most frequent templates: six entries of token and count, Space-Saving.
local top = f[6] or string.rep('\0', 36)
local least, place = 65536, 0
for i = 0, 5 do
  local count = struct.unpack('<I2', top, i * 6 + 5)
  if string.sub(top, i * 6 + 1, i * 6 + 4) == ARGV[6] and count > 0 then least, place = count, i break end
  if count < least then least, place = count, i end
end
top = string.sub(top, 1, place * 6) .. ARGV[6] .. struct.pack('<I2', math.min(65535, least + 1)) .. string.sub(top, place * 6 + 7)

-- What is new to the account is told to its fingerprints: how many accounts they have, and up to 64 of them. The account's last 68 are marks of four bytes.
local seen = f[7] or ''
for i = 9, #ARGV do
  local shown = ARGV[i]
  local mark = string.sub(shown, -4)
  local found = string.find(seen, mark, 1, true)
  while found and (found - 1) % 4 ~= 0 do found = string.find(seen, mark, found + 1, true) end
  if not found then
    seen = seen .. mark
    if i <= 11 then redis.call('PFADD', key .. i, mark) end
    if redis.call('PFADD', 'n' .. shown, ARGV[8]) == 1 and redis.call('SCARD', 'f' .. shown) < 64 then redis.call('SADD', 'f' .. shown, ARGV[8]) end
  end
end
if #seen > 272 then seen = string.sub(seen, -272) end

redis.call('HSET', key, 'c', counters, 'd', days, 'g', gaps, 'h', hours, 'r', recent, 't', top, 's', seen)
redis.call('HINCRBY', key, 'p' .. ARGV[7], 1)
return 1
