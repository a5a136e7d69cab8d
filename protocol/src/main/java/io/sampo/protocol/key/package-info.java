/**
 * Keys and ranges of keys with etcd's conventions: unsigned byte order, an empty range end for one
 * key, a single zero byte for "to the end of the key space".
 */
package io.sampo.protocol.key;
