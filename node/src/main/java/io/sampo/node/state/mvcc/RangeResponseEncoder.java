package io.sampo.node.state.mvcc;

import com.google.protobuf.CodedOutputStream;
import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.mvccpb.KeyValue;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes a {@code RangeResponse} in one pass from the stored bytes, without making a message of
 * every key.
 */
public final class RangeResponseEncoder {
  private RangeResponseEncoder() {}

  /** The encoded response. */
  public static byte[] encode(ResponseHeader header, RangeResult result) {
    return encode(header, result, 0);
  }

  /**
   * The encoded response with the given number of bytes left free before it, for a frame's header.
   */
  public static byte[] encode(ResponseHeader header, RangeResult result, int freeBytes) {
    byte[] encoded = new byte[Math.toIntExact(freeBytes + size(header, result))];
    CodedOutputStream output =
        CodedOutputStream.newInstance(encoded, freeBytes, encoded.length - freeBytes);
    try {
      write(output, header, result);
      output.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return encoded;
  }

  /** How many bytes the encoded response has, which may be more than one message or array has. */
  public static long size(ResponseHeader header, RangeResult result) {
    long size = CodedOutputStream.computeMessageSize(RangeResponse.HEADER_FIELD_NUMBER, header);
    for (KeyVersion version : result.versions()) {
      size += fieldSize(result.part().size(version));
    }
    size += result.more() ? 2 : 0;
    size += result.count() == 0 ? 0 : 1 + CodedOutputStream.computeInt64SizeNoTag(result.count());
    return size;
  }

  /** A field of so many bytes, with a tag of one byte. */
  public static long fieldSize(long bytes) {
    return 1 + CodedOutputStream.computeUInt64SizeNoTag(bytes) + bytes;
  }

  private static void write(CodedOutputStream output, ResponseHeader header, RangeResult result)
      throws IOException {
    output.writeMessage(RangeResponse.HEADER_FIELD_NUMBER, header);
    for (KeyVersion version : result.versions()) {
      output.writeByteArray(RangeResponse.KVS_FIELD_NUMBER, result.part().of(version));
    }
    if (result.more()) {
      output.writeBool(RangeResponse.MORE_FIELD_NUMBER, true);
    }
    if (result.count() != 0) {
      output.writeInt64(RangeResponse.COUNT_FIELD_NUMBER, result.count());
    }
  }

  /** The response as the generated message, which shares the stored bytes. */
  public static RangeResponse message(ResponseHeader header, RangeResult result) {
    RangeResponse.Builder response =
        RangeResponse.newBuilder()
            .setHeader(header)
            .setMore(result.more())
            .setCount(result.count());
    addVersions(response, result);
    return response.build();
  }

  static void addVersions(RangeResponse.Builder response, RangeResult result) {
    for (KeyVersion version : result.versions()) {
      response.addKvs(shown(version, result.part()));
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
