/** Buckets as a snapshot of the state writes and reads them. */
package io.sampo.node.state.bucket;
