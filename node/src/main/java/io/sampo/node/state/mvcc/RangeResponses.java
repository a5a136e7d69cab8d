package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.List;

/** Results of ranges as generated messages, which share the stored bytes. */
public final class RangeResponses {
  private RangeResponses() {}

  /** The whole response. */
  public static RangeResponse message(ResponseHeader header, RangeResult result) {
    RangeResponse.Builder response = begin(result).setHeader(header);
    addVersions(response, result, 0, result.versions().size());
    return response.build();
  }

  /** A response without header and keys. */
  public static RangeResponse.Builder begin(RangeResult result) {
    return RangeResponse.newBuilder().setMore(result.more()).setCount(result.count());
  }

  /** Adds some of the keys: those from one position up to another. */
  public static void addVersions(
      RangeResponse.Builder response, RangeResult result, int from, int to) {
    List<KeyVersion> versions = result.versions();
    for (int i = from; i < to; i++) {
      response.addKvs(shown(versions.get(i), result.part()));
    }
  }

  private static KeyValue shown(KeyVersion version, Part part) {
    KeyValue.Builder shown =
        KeyValue.newBuilder()
            .setKey(version.keyBytes())
            .setCreateRevision(version.createRevision())
            .setModRevision(version.modRevision())
            .setVersion(version.version());
    if (part == Part.WHOLE) {
      shown.setValue(version.valueBytes());
    }
    if (part != Part.INDEX_ONLY) {
      shown.setLease(version.lease());
    }
    return shown.build();
  }
}
