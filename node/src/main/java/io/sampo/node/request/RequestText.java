package io.sampo.node.request;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Requests as etcd writes them into its log: the text form of Go's two protobuf libraries, with the
 * size of a value in the place of the value.
 */
final class RequestText {
  /** How deep a transaction is written: clients may nest some thousand. */
  private static final int MAX_DEPTH = 100;

  private RequestText() {}

  /** Go's newer form: fields apart by two blanks, bytes as text with {@code \x} escapes. */
  static String of(Message message) {
    return message.getAllFields().entrySet().stream()
        .map(RequestText::field)
        .collect(Collectors.joining("  "));
  }

  /** Go's older form: a blank behind every field, octal escapes. */
  static String of(PutRequest put) {
    StringBuilder text = new StringBuilder();
    bytes(text, "key", put.getKey());
    number(text, "value_size", put.getValue().size());
    number(text, "lease", put.getLease());
    flag(text, "prev_kv", put.getPrevKv());
    flag(text, "ignore_value", put.getIgnoreValue());
    flag(text, "ignore_lease", put.getIgnoreLease());
    return text.toString();
  }

  /** Transactions in one another up to {@link #MAX_DEPTH}; then three dots. */
  static String of(TxnRequest txn) {
    return of(txn, 0);
  }

  private static String of(TxnRequest txn, int depth) {
    if (depth > MAX_DEPTH) {
      return "...";
    }
    return "compare:<%s> success:<%s> failure:<%s>"
        .formatted(
            joined(txn.getCompareList(), RequestText::compare),
            joined(txn.getSuccessList(), operation -> operation(operation, depth)),
            joined(txn.getFailureList(), operation -> operation(operation, depth)));
  }

  private static <T> String joined(List<T> parts, Function<T, String> text) {
    return parts.stream().map(text).collect(Collectors.joining(" "));
  }

  private static String compare(Compare compare) {
    if (!compare.hasValue()) {
      return of(compare);
    }
    StringBuilder text = new StringBuilder();
    if (compare.getResultValue() != 0) {
      text.append("result:").append(compare.getResult()).append(' ');
    }
    if (compare.getTargetValue() != 0) {
      text.append("target:").append(compare.getTarget()).append(' ');
    }
    bytes(text, "key", compare.getKey());
    number(text, "value_size", compare.getValue().size());
    bytes(text, "range_end", compare.getRangeEnd());
    return text.toString();
  }

  private static String operation(RequestOp operation, int depth) {
    return switch (operation.getRequestCase()) {
      case REQUEST_PUT -> "request_put:<" + of(operation.getRequestPut()) + ">";
      case REQUEST_TXN -> "request_txn:<" + of(operation.getRequestTxn(), depth + 1) + ">";
      default -> of(operation);
    };
  }

  private static String field(Map.Entry<FieldDescriptor, Object> entry) {
    Object value = entry.getValue();
    String text;
    if (value instanceof Message message) {
      text = "{" + of(message) + "}";
    } else if (value instanceof ByteString bytes) {
      text = quoted(bytes);
    } else if (value instanceof EnumValueDescriptor constant) {
      text = constant.getName();
    } else {
      text = value.toString();
    }
    return entry.getKey().getName() + ":" + text;
  }

  private static String quoted(ByteString bytes) {
    StringBuilder text = new StringBuilder("\"");
    String decoded = bytes.isValidUtf8() ? bytes.toStringUtf8() : null;
    if (decoded != null) {
      decoded.codePoints().forEach(c -> appendCharacter(text, c));
    } else {
      for (int i = 0; i < bytes.size(); i++) {
        int b = bytes.byteAt(i) & 0xff;
        if (b < 0x80) {
          appendCharacter(text, b);
        } else {
          text.append("\\x%02x".formatted(b));
        }
      }
    }
    return text.append('"').toString();
  }

  private static void appendCharacter(StringBuilder text, int c) {
    switch (c) {
      case '"', '\\' -> text.append('\\').append((char) c);
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (c < ' ' || c == 0x7f) {
          text.append("\\x%02x".formatted(c));
        } else if (c > 0x7f && c <= 0x9f) {
          text.append("\\u%04x".formatted(c));
        } else {
          text.appendCodePoint(c);
        }
      }
    }
  }

  private static void bytes(StringBuilder text, String name, ByteString bytes) {
    if (bytes.isEmpty()) {
      return;
    }
    text.append(name).append(":\"");
    for (int i = 0; i < bytes.size(); i++) {
      int b = bytes.byteAt(i) & 0xff;
      switch (b) {
        case '"', '\\' -> text.append('\\').append((char) b);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (b < ' ' || b >= 0x7f) {
            text.append("\\%03o".formatted(b));
          } else {
            text.append((char) b);
          }
        }
      }
    }
    text.append("\" ");
  }

  private static void number(StringBuilder text, String name, long value) {
    if (value != 0) {
      text.append(name).append(':').append(value).append(' ');
    }
  }

  private static void flag(StringBuilder text, String name, boolean value) {
    if (value) {
      text.append(name).append(":true ");
    }
  }
}
