/**
 * The multi-version key space: versions of keys in their stored form, the ordered tree of key
 * histories, the history by revision, and immutable views that any thread may read. Nothing here
 * knows of requests that are not about keys, of actors or of time.
 */
package io.sampo.node.state.mvcc;
