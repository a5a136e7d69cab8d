package io.sampo.node.state;

import static io.sampo.node.state.mvcc.RangeResponseEncoder.fieldSize;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.List;

/**
 * How many bytes a response has, encoded. What the generated classes say of a message above 2^31 -
 * 1 bytes is too little, or negative.
 */
public final class ResponseSize {
  private static final int FLAG = 2;

  private ResponseSize() {}

  public static long of(DeleteRangeResponse response) {
    return header(response.hasHeader(), response.getHeader())
        + number(response.getDeleted())
        + of(response.getPrevKvsList());
  }

  public static long of(TxnResponse response) {
    long size = header(response.hasHeader(), response.getHeader());
    size += response.getSucceeded() ? FLAG : 0;
    for (ResponseOp operation : response.getResponsesList()) {
      size += fieldSize(of(operation));
    }
    return size;
  }

  private static long of(ResponseOp operation) {
    return switch (operation.getResponseCase()) {
      case RESPONSE_RANGE -> fieldSize(of(operation.getResponseRange()));
      case RESPONSE_PUT -> fieldSize(operation.getResponsePut().getSerializedSize());
      case RESPONSE_DELETE_RANGE -> fieldSize(of(operation.getResponseDeleteRange()));
      case RESPONSE_TXN -> fieldSize(of(operation.getResponseTxn()));
      case RESPONSE_NOT_SET -> 0;
    };
  }

  private static long of(RangeResponse response) {
    return header(response.hasHeader(), response.getHeader())
        + of(response.getKvsList())
        + (response.getMore() ? FLAG : 0)
        + number(response.getCount());
  }

  private static long header(boolean present, ResponseHeader header) {
    return present ? fieldSize(header.getSerializedSize()) : 0;
  }

  private static long number(long value) {
    return value == 0 ? 0 : 1 + CodedOutputStream.computeInt64SizeNoTag(value);
  }

  private static long of(List<? extends MessageLite> repeated) {
    long size = 0;
    for (MessageLite element : repeated) {
      size += fieldSize(element.getSerializedSize());
    }
    return size;
  }
}
