package io.sampo.node.auth;

import io.sampo.node.edge.grpc.CallOrigin;
import io.sampo.protocol.address.AddressText;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for every call that is denied: who, from where, what, and which rule it broke. Its
 * logger is {@link #LOGGER}, and its level is debug, so that it is off unless asked for. Neither
 * keys nor tokens are in it.
 */
final class AccessAudit {
  /** The name by which {@code conf/logback.xml} switches it on. */
  static final String LOGGER = "io.sampo.audit";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final String FORWARDED_FOR = "x-forwarded-for";

  private AccessAudit() {}

  /**
   * A call has failed; nothing is written if that is no denial.
   *
   * @param user empty if nobody said who calls
   * @param needs what the call needs
   */
  static void failed(Metadata metadata, String user, String needs, Throwable failure) {
    if (LOG.isDebugEnabled() && isDenial(failure)) {
      LOG.atDebug()
          .addKeyValue("user-name", user)
          .addKeyValue("remote", remote(metadata))
          .addKeyValue("method", metadata instanceof CallOrigin origin ? origin.path() : "gateway")
          .addKeyValue("needs", needs)
          .addKeyValue("error", EtcdException.causeOf(failure).getMessage())
          .log("denied a request");
    }
  }

  private static boolean isDenial(Throwable failure) {
    return EtcdError.PERMISSION_DENIED.is(failure)
        || EtcdError.INVALID_AUTH_TOKEN.is(failure)
        || EtcdError.USER_EMPTY.is(failure)
        || EtcdError.USER_NOT_FOUND.is(failure)
        || EtcdError.AUTH_OLD_REVISION.is(failure);
  }

  private static String remote(Metadata metadata) {
    if (metadata instanceof CallOrigin origin) {
      return AddressText.of(origin.remote());
    }
    return metadata == null ? "" : metadata.getText(FORWARDED_FOR).orElse("");
  }
}
