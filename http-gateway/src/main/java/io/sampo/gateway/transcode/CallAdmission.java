package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import java.util.Optional;

/** Decides about a call before its service sees it. Asked on any thread. */
public interface CallAdmission {
  /** Lets every call pass. */
  CallAdmission OPEN = (method, request) -> Optional.empty();

  /**
   * Why the call is refused, as the failure that a service would give; empty if it may pass.
   *
   * @param method its gRPC path, {@code /package.Service/Method}
   * @param request empty for a method whose client sends a stream
   */
  Optional<RuntimeException> refusal(String method, Optional<Message> request);
}
