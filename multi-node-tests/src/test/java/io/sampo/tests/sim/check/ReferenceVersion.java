package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import io.sampo.protocol.mvccpb.KeyValue;

/** A version of a key in the naive store; a deletion has no value. */
public record ReferenceVersion(KeyValue kv, boolean deleted) {
  long revision() {
    return kv.getModRevision();
  }

  ByteString key() {
    return kv.getKey();
  }
}
